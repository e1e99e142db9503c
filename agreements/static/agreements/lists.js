// Folds the filters of a list where they stand above it instead of beside it.
"use strict";
{
    const filters = document.querySelector("#changelist-filter > details");
    if (filters && matchMedia("(max-width: 1199px)").matches) {
        filters.open = false;
    }
}
