"""Documents that are made whole: templates filled with figures that commands wrote."""
