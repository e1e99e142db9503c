"""What readers can ask of the ledger, and how it is answered.

`listings` names what there is; `asking` checks a query and finds the rows, `pages` divides them,
`texts` and `cells` write them out, `statistics` counts them. The API, the public pages and their
feeds all ask through this package and have no query of their own.
"""
