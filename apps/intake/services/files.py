"""For points to the right, which may import services only: the rules for files are the same in both directions."""

from apps.intake.files import MAX_FILES, File, FileTooLarge, TooManyFiles, check_files, clean_name, keep_files

__all__ = ["MAX_FILES", "File", "FileTooLarge", "TooManyFiles", "check_files", "clean_name", "keep_files"]
