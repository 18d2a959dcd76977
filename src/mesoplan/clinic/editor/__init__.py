"""The live editor: operations on a draft come in, figures and places go back."""
