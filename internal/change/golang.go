package change

// mergeGo merges Go files.
func mergeGo(base, ours, theirs []byte) Result { return mergeText(base, ours, theirs, plain) }
