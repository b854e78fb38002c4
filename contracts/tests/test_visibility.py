import pytest
def test_x(cast, highways, unmapped, home_care):
    from contracts.models import Contract
    assert Contract.objects.visible_to(cast["priya"]).get()==highways
    assert Contract.objects.visible_to(cast["colin"]).get()==highways
    assert Contract.objects.visible_to(cast["della"]).get()==highways
    assert Contract.objects.visible_to(cast["sami"]).count()==2
    assert Contract.objects.visible_to(cast["adam"]).count()==3
    assert Contract.objects.visible_to(cast["nadia"]).count()==0
    assert Contract.objects.live_on(__import__("datetime").date(2026,5,1)).count()==3
