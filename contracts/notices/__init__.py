"""Bringing in published notices (OCDS): release and record packages of Contracts Finder and Find a Tender."""
