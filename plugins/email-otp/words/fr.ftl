# Sign-in with a code received by e-mail.

## Step one: the address
email-otp-email-label = Adresse e-mail
email-otp-email-hint =
    { $digits ->
        [6] Nous y envoyons un code à six chiffres. Aucun mot de passe à retenir.
       *[other] Nous y envoyons un code à { $digits } chiffres. Aucun mot de passe à retenir.
    }
email-otp-email-missing = Indiquez votre adresse e-mail.
email-otp-email-invalid = Cette adresse e-mail semble incomplète. Exemple : prenom.nom@exemple.fr
email-otp-send = Recevoir un code

## Step two: the code
email-otp-code-title = Consultez votre messagerie
email-otp-code-sent =
    { $digits ->
        [6] Si cette adresse est connue ici, un code à six chiffres vient d’y être envoyé :
       *[other] Si cette adresse est connue ici, un code à { $digits } chiffres vient d’y être envoyé :
    }
email-otp-change = Utiliser une autre adresse
email-otp-code-label =
    { $digits ->
        [6] Code à six chiffres
       *[other] Code à { $digits } chiffres
    }
email-otp-code-hint = Saisissez-le ici, dans ce navigateur.
email-otp-code-auto =
    { $digits ->
        [6] Il est vérifié dès le sixième chiffre.
       *[other] Il est vérifié dès le dernier chiffre.
    }
email-otp-submit = Se connecter
email-otp-invalid = Code invalide ou expiré
email-otp-code-missing = Saisissez tous les chiffres du code.
email-otp-limited =
    { $seconds ->
        [one] Trop d’essais. Réessayez dans { $seconds } seconde.
       *[other] Trop d’essais. Réessayez dans { $seconds } secondes.
    }
email-otp-limited-over = Vous pouvez réessayer.
email-otp-nothing-title = Rien reçu ?
email-otp-nothing-hint = Regardez dans les courriers indésirables et vérifiez l’adresse ci-dessus.
email-otp-resend = Renvoyer un code
email-otp-resend-wait =
    { $seconds ->
        [one] Vous pourrez demander un nouveau code dans { $seconds } seconde.
       *[other] Vous pourrez demander un nouveau code dans { $seconds } secondes.
    }
email-otp-resend-ready = Vous pouvez demander un nouveau code.
email-otp-resent = Nouvelle demande prise en compte. Le code précédent reste valable.

## The mail
email-otp-mail-subject =
    { $purpose ->
        [email-verification] Confirmez votre adresse e-mail
        [forget-password] Votre code pour changer de mot de passe
        [change-email] Confirmez votre nouvelle adresse e-mail
       *[sign-in] Votre code de connexion
    }
email-otp-mail-preheader =
    { $minutes ->
        [one] Valable { $minutes } minute, une seule fois. Ne le donnez à personne.
       *[other] Valable { $minutes } minutes, une seule fois. Ne le donnez à personne.
    }
email-otp-mail-hello = Bonjour,
email-otp-mail-hello-name = Bonjour { $name },
email-otp-mail-intro =
    { $purpose ->
        [email-verification] Voici le code qui confirme que cette adresse e-mail est bien la vôtre, pour { $app } :
        [forget-password] Voici le code qui vous permet de choisir un nouveau mot de passe pour { $app } :
        [change-email] Voici le code qui confirme votre nouvelle adresse e-mail pour { $app } :
       *[sign-in] Voici votre code pour vous connecter à { $app } :
    }
email-otp-mail-validity =
    { $minutes ->
        [one] Saisissez-le dans le navigateur où vous l’avez demandé. Il est valable { $minutes } minute et ne sert qu’une fois.
       *[other] Saisissez-le dans le navigateur où vous l’avez demandé. Il est valable { $minutes } minutes et ne sert qu’une fois.
    }
email-otp-mail-secret = Ne donnez ce code à personne : nous ne vous le demanderons jamais, ni par téléphone, ni par message.
email-otp-mail-not-you =
    { $purpose ->
        [email-verification] Vous n’avez rien demandé ? Ignorez ce message : sans ce code, cette adresse ne sera pas confirmée.
        [forget-password] Vous n’avez rien demandé ? Ignorez ce message : votre mot de passe reste le même.
        [change-email] Vous n’avez rien demandé ? Ignorez ce message : sans ce code, aucun compte ne prendra cette adresse.
       *[sign-in] Vous n’avez rien demandé ? Ignorez ce message et gardez le code pour vous : sans lui, cette connexion n’aboutira pas.
    }

email-otp-password-subject = Votre mot de passe a été modifié
email-otp-password-intro = Le mot de passe de votre compte vient d’être remplacé, avec un code reçu à cette adresse.
email-otp-address-subject = L’adresse de votre compte a changé
email-otp-address-intro = Votre compte a maintenant l’adresse { $what }. Cette adresse-ci n’y donne plus accès.
