"""What menus, keys and panels do to an open film: small groups of commands over one ``Edits``."""
