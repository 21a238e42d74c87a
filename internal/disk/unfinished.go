package disk

// Unfinished says whether a killed run left a journal in the repository at
// root that Recover has yet to finish or undo. It writes nothing.
func Unfinished(root string) (bool, error) {
	h, err := openHand(root)
	if err != nil {
		return false, err
	}
	defer h.root.Close()
	for _, home := range []string{gitHome, bareHome} {
		for _, name := range []string{forward, back} {
			if _, err := h.root.Lstat(home + "/" + name); err == nil {
				return true, nil
			}
		}
	}
	return false, nil
}
