"""Pages of payments: the desk's, the Center's for deputies, and the grantee's."""
