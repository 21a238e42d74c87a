// Privacy answers what people may ask: what is stored about me, give me a
// copy, erase me. It knows from the comments on tables and columns, which a
// test demands, so a table of tomorrow is included.
feature privacy
summary "what is stored about whom: map, export and erase, from comments in the schema"
needs postgres
needs audit
needs crypto
needs admin
