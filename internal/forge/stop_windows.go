package forge

import "os"

// stop kills git: Windows has no way to ask.
func stop(p *os.Process) error { return p.Kill() }
