# Portails : une porte par public.

prepare-login-client-title = Espace locataire
prepare-login-client-intro = Entrez avec l’adresse e-mail que votre gestionnaire connaît : celle de votre bail ou de vos avis d’échéance.

## Réponses d’un portail qui dit si l’adresse est connue (reveal_unknown = true)
## Les deux phrases sont un contrat : elles gardent leur apostrophe droite.
prepare-login-unknown = Aucun compte trouvé pour cet email
prepare-login-other-role = Cet email n'est pas associé à un compte client
