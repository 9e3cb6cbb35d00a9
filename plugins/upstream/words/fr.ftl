# Des mots de passe que connaît un autre service.

## Avis
upstream-linked-subject = Votre mot de passe existant fonctionne désormais ici
upstream-linked-intro = Le compte que vous aviez déjà chez nous a été lié à votre compte { $app } : son mot de passe permet désormais de se connecter ici.
