source-snippet = In a web page
source-snippet-hint = Paste this line into your pages, with a write key. Without consent nothing is kept in the browser; the signal Global Privacy Control counts as a refusal.
