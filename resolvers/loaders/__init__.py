"""One request's loaders: many keys become few vendor calls; results are matched by key, never by place."""
