shared-word-email = E-mail address
shared-word-label = The word that everybody knows
shared-word-submit = Enter
