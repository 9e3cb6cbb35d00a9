# The second factor.

## At a door
two-factor-step-title = Encore une étape
two-factor-step-code = Saisissez le code qu’affiche votre application d’authentification.
two-factor-step-backup = Saisissez l’un de vos codes de secours. Il ne servira qu’une fois.
two-factor-step-email = Saisissez le code reçu à l’adresse de votre compte.
two-factor-step-none = Ce compte n’a plus de second facteur utilisable ici. Écrivez-nous pour y accéder.
two-factor-code-label = Code à six chiffres
two-factor-backup-label = Code de secours
two-factor-trust =
    { $days ->
        [one] Ne plus demander sur cet appareil pendant { $days } jour
       *[other] Ne plus demander sur cet appareil pendant { $days } jours
    }
two-factor-submit = Se connecter
two-factor-use-code = Utiliser l’application d’authentification
two-factor-use-backup = Utiliser un code de secours
two-factor-use-email = Recevoir un code par e-mail
two-factor-send = Envoyer un code
two-factor-send-hint = Nous l’envoyons à l’adresse de votre compte. Un code précédent ne vaut alors plus.
two-factor-limited =
    { $seconds ->
        [one] Trop d’essais. Réessayez dans { $seconds } seconde.
       *[other] Trop d’essais. Réessayez dans { $seconds } secondes.
    }
two-factor-limited-over = Vous pouvez réessayer.
two-factor-ended-title = Cette connexion a pris fin
two-factor-ended-too-many = Trop de codes incorrects. Pour protéger votre compte, recommencez la connexion depuis le début.
two-factor-ended-again = Recommencer depuis le début

## On the account's page
two-factor-title = Double authentification
two-factor-is-on = Activée : un second code est demandé à chaque connexion.
two-factor-is-off = Désactivée : un seul moyen suffit pour se connecter à votre compte.
two-factor-is-required = Votre compte la demande : elle ne peut pas être désactivée.
two-factor-password-label = Votre mot de passe
two-factor-begin-title = Application d’authentification
two-factor-begin-hint = Une application de votre téléphone affiche un code qui change toutes les trente secondes.
two-factor-begin = Configurer une application
two-factor-email-title = Codes par e-mail
two-factor-email-hint = Un code est envoyé à votre adresse après le mot de passe. Une application protège mieux.
two-factor-begin-email = Recevoir des codes par e-mail
two-factor-enrol-title = Configurer votre application
two-factor-enrol-scan = Scannez ce code avec votre application d’authentification.
two-factor-enrol-image = Code QR pour votre application d’authentification. La clé figure aussi en toutes lettres ci-dessous.
two-factor-enrol-by-hand = Impossible de le scanner ? Recopiez cette clé dans l’application :
two-factor-enrol-again = Saisissez le code suivant de votre application. Si vous ne l’avez pas encore configurée, recommencez depuis votre compte.
two-factor-confirm = Confirmer
two-factor-codes-title = Codes de secours
two-factor-codes-left =
    { $left ->
        [0] Il ne vous en reste aucun.
        [one] Il vous en reste { $left }.
       *[other] Il vous en reste { $left }.
    }
two-factor-new-codes = Créer de nouveaux codes
two-factor-codes-keep = Imprimez ou copiez ces codes et gardez-les en lieu sûr : ils remplacent votre application si vous la perdez.
two-factor-codes-once = Chacun ne sert qu’une fois. Ils ne seront plus affichés, et les précédents ne valent plus.
two-factor-codes-write = Notez ces codes, ou sélectionnez-les pour les copier : sans JavaScript, cette page ne peut pas le faire pour vous.
two-factor-codes-of = Codes de secours pour { $app }
two-factor-codes-each-once = Chaque code sert une fois, à la place du code de l’application.
two-factor-codes-print = Imprimer
two-factor-codes-copy = Copier
two-factor-codes-download = Télécharger
two-factor-codes-copied = Les codes sont copiés. Collez-les en lieu sûr.
two-factor-codes-selected = Ce navigateur ne nous laisse pas copier. Les codes sont sélectionnés : copiez-les vous-même.
two-factor-codes-file = codes-de-secours.txt
two-factor-codes-done = Je les ai notés, revenir à mon compte
two-factor-disable-title = Désactiver
two-factor-disable-hint = Vos codes de secours et vos appareils de confiance disparaissent aussi.
two-factor-disable = Désactiver la double authentification
two-factor-devices-title = Appareils de confiance
two-factor-devices-hint = Sur ces appareils, le second code n’est pas demandé.
two-factor-device-dates = Depuis le { $since }, utilisé le { $used }
two-factor-forget = Retirer
two-factor-said-on = La double authentification est activée.
two-factor-said-off = La double authentification est désactivée.
two-factor-said-forgotten = Cet appareil n’est plus de confiance.

## Mails
two-factor-mail-subject = Votre code de connexion
two-factor-mail-preheader =
    { $minutes ->
        [one] Valable { $minutes } minute.
       *[other] Valable { $minutes } minutes.
    }
two-factor-mail-intro = Voici le second code pour vous connecter à { $app } :
two-factor-mail-validity =
    { $minutes ->
        [one] Il est valable { $minutes } minute et ne sert qu’une fois.
       *[other] Il est valable { $minutes } minutes et ne sert qu’une fois.
    }
two-factor-mail-secret = Ne le donnez à personne : { $app } ne vous le demandera jamais.
two-factor-mail-not-you = Vous n’êtes pas en train de vous connecter ? Quelqu’un connaît votre mot de passe : changez-le sans attendre.

two-factor-enabled-subject = La double authentification est activée
two-factor-enabled-intro = La double authentification vient d’être activée sur votre compte { $app }.
two-factor-disabled-subject = La double authentification est désactivée
two-factor-disabled-intro = La double authentification vient d’être désactivée sur votre compte { $app }.
two-factor-new-codes-subject = Nouveaux codes de secours
two-factor-new-codes-intro = De nouveaux codes de secours viennent d’être créés pour votre compte { $app }. Les précédents ne valent plus.
two-factor-backup-used-subject = Un code de secours a été utilisé
two-factor-backup-used-intro = Un code de secours de votre compte { $app } vient d’être utilisé. Codes restants : { $what }.
two-factor-locked-subject = Trop de codes incorrects
two-factor-locked-intro = Trop de codes incorrects ont été saisis pour votre compte { $app }, après un premier facteur correct. Il est bloqué pour quelques minutes.

## At a door, for who must have one
two-factor-required-title = Encore une chose à configurer
two-factor-required-why = Votre compte demande un second facteur : le code d’une application, en plus de ce qui vient de vous identifier.
two-factor-required-app = Il vous faut une application d’authentification sur votre téléphone, comme FreeOTP, Aegis ou Google Authenticator. Cela prend une minute, une seule fois.
two-factor-set-up-codes = Gardez ces codes en lieu sûr avant de continuer : chacun remplace une fois votre application si vous la perdez. Ils ne seront plus affichés.
two-factor-set-up-first = Le premier code de votre application
two-factor-set-up-again = Saisissez le code suivant de votre application.
two-factor-set-up-anew = Rien de configuré ? Recommencer
