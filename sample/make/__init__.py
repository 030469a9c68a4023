"""The maker of the sample sheets: texts → pages → aged scans. Run by hand with ``python -m sample.make``."""
