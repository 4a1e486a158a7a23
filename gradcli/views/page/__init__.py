"""`gradcli explain -o page.html`: one page that plays both passes, with nothing from elsewhere."""
