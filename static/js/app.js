// Switches on the small helps of the design system. Every page works without this file.
import { initAll } from '../vendor/govuk-frontend/govuk-frontend.min.js'

// Radios show the fields beneath the chosen one. The design system's own module sets aria-expanded, which
// radios may not carry, so this does the same without it: the fields follow their radio in reading order.
function revealChosen (group) {
  for (const radio of group.querySelectorAll('input[data-app-reveal]')) {
    const fields = document.getElementById(radio.dataset.appReveal)
    if (fields) fields.classList.toggle('govuk-radios__conditional--hidden', !radio.checked)
  }
}

document.body.classList.add('js-enabled', 'govuk-frontend-supported')
initAll()
for (const group of document.querySelectorAll('[data-app-reveals]')) {
  revealChosen(group)
  group.addEventListener('change', () => revealChosen(group))
}
