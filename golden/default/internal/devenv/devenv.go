// Package devenv starts the servers that development and tests need, on a machine without Docker.
//
// Servers are the ones that are installed here, started privately: on a free port of 127.0.0.1, in a folder of their own, as
// another user when we are root. What is not installed is replaced by something that can be embedded, or asked for in one
// line. A Server ends with the process that started it, however that process ends, and a temporary one takes its folder with
// it:
//
//	find -> folder -> process -> Server -> Stop
//
// Nothing here is for production. Callers look at the environment first: an address there means that no server is started.
package devenv

import (
	"errors"
	"net"
	"time"
)

// app is the first word of the names of temporary folders.
const app = "myapp"

// startTimeout is how long a server may take to answer; on a busy machine making the data takes seconds.
const startTimeout = time.Minute

// errEnded is the error of a server that ended before it answered.
var errEnded = errors.New("server ended at start")

// Server is a server that was started here.
type Server struct {
	// URL is its address, with the login in it.
	URL string

	// Name says what runs: the path of the program, or that it is embedded.
	Name string

	// Dir is the folder that holds its data and its log; empty if there is none.
	Dir string

	stop func() error
}

// Stop ends the server and waits for it. The folder is removed if it was a temporary one. A second Stop does nothing.
func (s *Server) Stop() error {
	if s.stop == nil {
		return nil
	}
	stop := s.stop
	s.stop = nil
	return stop()
}

// freePort returns a port that was free a moment ago. Another process may take it first; the caller has to see that.
func freePort() (int, error) {
	l, err := net.ListenTCP("tcp", &net.TCPAddr{IP: net.IPv4(127, 0, 0, 1)})
	if err != nil {
		return 0, err
	}
	defer l.Close()
	return l.Addr().(*net.TCPAddr).Port, nil
}
