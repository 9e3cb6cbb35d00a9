# Sign-in with other providers.

## At a door
social-continue = Continuer avec { $provider }
social-error-denied = Vous avez interrompu la connexion. Vous pouvez recommencer.
social-error-state = Cette tentative a expiré ou a commencé dans un autre navigateur. Recommencez.
social-error-unknown = Aucun compte n’est ouvert ici pour cette personne.
social-error-not-linked = Un compte existe déjà avec cette adresse. Connectez-vous comme d’habitude, puis liez l’autre compte depuis votre page.
social-error-no-email = Ce fournisseur ne nous donne pas votre adresse e-mail. Autorisez-le à la transmettre et recommencez.
social-error-other-email = L’adresse e-mail de ce compte n’est pas la vôtre ici.
social-error-taken = Ce compte n’a pas pu être lié : il l’est déjà à quelqu’un d’autre, ou son adresse n’est pas confirmée.
social-error-unavailable = Ce fournisseur ne répond pas pour le moment. Réessayez dans quelques instants ou choisissez une autre façon de vous connecter.
social-error-code = Ce code n’est plus valable. Recommencez.
social-error-tries = Trop de codes incorrects pour cette adresse. Réessayez plus tard.
social-error-too-many = Trop de codes ont été envoyés à cette adresse. Réessayez plus tard.
social-error-other = La connexion avec ce fournisseur n’a pas abouti. Recommencez ou choisissez une autre façon de vous connecter.

## The proof of an address
social-code-title = Confirmez votre adresse
social-code-why = Un compte existe déjà ici avec cette adresse. Pour vérifier qu’elle est à vous, nous venons d’y envoyer un code à six chiffres :
social-code-label = Code à six chiffres
social-code-submit = Confirmer
social-code-missing = Saisissez tous les chiffres du code.
social-code-wrong = Code invalide ou expiré

## Its mail
social-mail-subject = Confirmez votre adresse e-mail
social-mail-intro = Quelqu’un se connecte à { $app } par un autre compte qui porte votre adresse. Pour confirmer que c’est vous, saisissez ce code :
social-mail-validity =
    { $minutes ->
        [one] Il est valable { $minutes } minute et ne sert qu’une fois.
       *[other] Il est valable { $minutes } minutes et ne sert qu’une fois.
    }
social-mail-not-you = Vous n’avez rien demandé ? Ne donnez ce code à personne : sans lui, rien ne change.

## The own account
social-accounts-title = Comptes liés
social-accounts-since = depuis le { $day }
social-accounts-only = C’est votre seule façon de vous connecter : elle ne peut pas être retirée.
social-link = Lier un compte { $provider }
social-unlink = Retirer { $provider }
social-linked-done = Le compte est lié.
social-unlinked-done = Le compte n’est plus lié.

## Notices
social-linked-subject = Un compte a été lié au vôtre
social-linked-intro = Un compte { $what } permet désormais de se connecter à votre compte { $app }.
social-unlinked-subject = Un compte lié a été retiré
social-unlinked-intro = Le compte { $what } ne permet plus de se connecter à votre compte { $app }.
