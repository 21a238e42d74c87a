package devenv

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"net"
	"strconv"
	"strings"

	"github.com/alicebob/miniredis/v2"
)

// inMemory is the name of the server that is none.
const inMemory = "miniredis, in memory"

// Redis starts a Redis, or a Valkey, whose data is in dir, and is kept there; with an empty dir it is a temporary one, which
// writes nothing. Without either program it is an imitation in memory, which ends with the process and keeps nothing.
func Redis(ctx context.Context, dir string) (*Server, error) {
	program, ok := find([]string{"/usr/sbin", "/opt/homebrew/bin", "/usr/local/bin"}, "redis-server", "valkey-server")
	if !ok {
		return memoryRedis()
	}
	var err error
	for range 3 {
		var server *Server
		server, err = startRedis(ctx, program, dir)
		// Its port may have been taken since it was found free.
		if !errors.Is(err, errEnded) {
			return server, err
		}
	}
	return nil, err
}

func memoryRedis() (*Server, error) {
	redis := miniredis.NewMiniRedis()
	if err := redis.StartAddr("127.0.0.1:0"); err != nil {
		return nil, fmt.Errorf("start Redis in memory: %w", err)
	}
	stop := func() error {
		redis.Close()
		return nil
	}
	return &Server{URL: "redis://" + redis.Addr() + "/0", Name: inMemory, stop: stop}, nil
}

func startRedis(ctx context.Context, program, dir string) (*Server, error) {
	ctx, cancel := context.WithTimeout(ctx, startTimeout)
	defer cancel()
	in, err := openFolder("redis", dir)
	if err != nil {
		return nil, fmt.Errorf("open folder for Redis: %w", err)
	}
	port, err := freePort()
	if err != nil {
		return nil, errors.Join(err, in.close())
	}
	args := []string{"--bind", "127.0.0.1", "--port", strconv.Itoa(port), "--dir", in.path, "--save", "", "--appendonly", "yes"}
	if in.temporary {
		args[len(args)-1] = "no"
	}
	p, err := start(in, "TERM", program, args...)
	if err != nil {
		return nil, errors.Join(err, in.close())
	}
	address := "127.0.0.1:" + strconv.Itoa(port)
	err = p.await(ctx, func(ctx context.Context) error { return askRedis(ctx, address, in.path) })
	if err != nil {
		return nil, errors.Join(fmt.Errorf("start %s: %w", program, err), p.stop())
	}
	return &Server{URL: "redis://" + address + "/0", Name: program, Dir: in.path, stop: p.stop}, nil
}

// askRedis asks the server at address whether it is the one of this folder: another one may have been given the same port at
// the same moment.
func askRedis(ctx context.Context, address, dir string) error {
	conn, err := new(net.Dialer).DialContext(ctx, "tcp", address)
	if err != nil {
		return err
	}
	defer conn.Close()
	if deadline, ok := ctx.Deadline(); ok {
		if err := conn.SetDeadline(deadline); err != nil {
			return err
		}
	}
	if _, err := conn.Write([]byte("CONFIG GET dir\r\n")); err != nil {
		return err
	}
	// The answer is an array of two strings, each with its length on a line of its own.
	answer := bufio.NewScanner(conn)
	for range 5 {
		if !answer.Scan() {
			return fmt.Errorf("Redis closed the connection: %w", answer.Err())
		}
	}
	if got := strings.TrimSpace(answer.Text()); got != dir {
		return fmt.Errorf("port is taken by the Redis of %s", got)
	}
	return nil
}
