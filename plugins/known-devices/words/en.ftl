# A sign-in from a device that is new to the account.
known-devices-new-subject = Your account was signed in to from a new device – { $app }
known-devices-new-intro = Your { $app } account has just been signed in to from a device that was not used for it before.
known-devices-new-not-you = If it was you, there is nothing to do. If not, somebody knows how to get in: sign that device out, then change what it signed in by, or write to us at once.
known-devices-to-account = See and sign out your devices:
known-devices-to-reset = Set a new password, which signs out every device:
