# Clés d’accès.

## Connexion
passkey-sign-in = Se connecter avec une clé d’accès
passkey-other-ways = Autres façons de se connecter
passkey-needs-script = Les clés d’accès demandent JavaScript, désactivé dans ce navigateur.
passkey-unsupported = Ce navigateur ne connaît pas les clés d’accès.
passkey-cancelled = Rien n’a été confirmé. Vous pouvez réessayer.
passkey-failed = Cela n’a pas fonctionné. Rechargez la page et réessayez.
passkey-known = Cet appareil a déjà une clé d’accès pour votre compte.

## Dans le compte
passkey-title = Clés d’accès
passkey-none = Une clé d’accès vous connecte avec votre doigt, votre visage ou le code de votre appareil, sans mot de passe.
passkey-unnamed = Clé d’accès
passkey-synced = Synchronisée
passkey-since = Ajoutée le
passkey-edit = Gérer
passkey-add = Ajouter une clé d’accès
passkey-add-intro = Votre navigateur va vous demander de confirmer avec votre appareil ou une clé de sécurité.
passkey-add-submit = Ajouter cette clé d’accès
passkey-name-label = Nom
passkey-name-hint = Pour la distinguer des autres, par exemple « Portable du bureau ». Peut rester vide.
passkey-name-missing = Indiquez un nom.
passkey-name-long = Ce nom est trop long.
passkey-rename-submit = Enregistrer le nom
passkey-remove = Retirer cette clé d’accès
passkey-remove-intro = Elle ne permettra plus de vous connecter. Retirez-la aussi de votre appareil, où elle reste affichée.
passkey-added = La clé d’accès a été ajoutée.
passkey-renamed = Le nom a été enregistré.
passkey-removed = La clé d’accès a été retirée.

## E-mails
passkey-added-subject = Une clé d’accès a été ajoutée à votre compte – { $app }
passkey-added-intro = Une clé d’accès a été ajoutée à votre compte { $app } ({ $what }). Elle permet de se connecter.
passkey-removed-subject = Une clé d’accès a été retirée de votre compte – { $app }
passkey-removed-intro = Une clé d’accès a été retirée de votre compte { $app } ({ $what }). Elle ne permet plus de se connecter.
