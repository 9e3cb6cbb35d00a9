admin-email-subject = Votre adresse e-mail a été changée
admin-email-intro = Votre compte { $app } a désormais l’adresse e-mail { $what }. Les messages n’arrivent plus à celle-ci.
