"""What all three doors share: files, drafts, the preview of a text, a person's preferences."""
