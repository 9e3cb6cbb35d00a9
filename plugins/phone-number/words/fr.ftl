# Numéros de téléphone.

## Messages (courts, et de lettres qui tiennent en un seul message)
phone-number-sms-verify = { $code } : votre code { $app }, valable { $minutes } minutes. Ne le donnez à personne.
phone-number-sms-reset = { $code } : votre code { $app } pour un nouveau mot de passe, valable { $minutes } minutes. Ne le donnez à personne.

## Courriels à propos de changements
phone-number-added-subject = Un numéro de téléphone a été ajouté à votre compte
phone-number-added-intro = Le numéro { $what } a été ajouté à votre compte { $app }. Il permet désormais de se connecter.
phone-number-password-subject = Votre mot de passe a été modifié
phone-number-password-intro = Votre mot de passe { $app } a été modifié grâce à un code envoyé à votre téléphone.

## In other mails
phone-number-title = Numéro de téléphone
