# Portals: one door for each kind of people.

prepare-login-client-title = Espace locataire
prepare-login-client-intro = Entrez avec l’adresse e-mail que votre gestionnaire connaît : celle de votre bail ou de vos avis d’échéance.

## Answers of a portal that says whether an address is known (reveal_unknown = true)
## These two sentences are a contract with the pages that show them: their apostrophe stays straight.
prepare-login-unknown = Aucun compte trouvé pour cet email
prepare-login-other-role = Cet email n'est pas associé à un compte client
