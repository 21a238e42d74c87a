package disk

import "testing"

func ownerOf(*testing.T, string) uint32 { return 0 }
