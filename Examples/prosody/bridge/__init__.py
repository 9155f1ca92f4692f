"""Joins an XMPP server to the desk: patrons and operators talk over XMPP, Coverdesk decides who talks with whom."""
