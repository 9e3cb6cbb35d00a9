shared-word-email = Adresse e-mail
shared-word-label = Le mot que tout le monde connaît
shared-word-submit = Entrer
