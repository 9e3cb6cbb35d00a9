# Passwords that a back end knows.

## Notices
upstream-linked-subject = Your existing password now signs in here
upstream-linked-intro = The account that you already had with us was linked to your { $app } account: its password signs in here from now on.
