"""Documents for paper: values in, PDF bytes out. Typst sets them; no clock, no files, no text read as markup."""
