admin-email-subject = Your e-mail address was changed
admin-email-intro = Your { $app } account now has the e-mail address { $what }. Messages no longer come to this one.
