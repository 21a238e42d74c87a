package app

import (
	"bytes"
	"net/http"
	"net/http/httptest"
	"os"
	"runtime"
	"strings"
	"testing"
)

// execute runs a command line and returns its exit code and what it printed.
func execute(t *testing.T, environ []string, args ...string) (code int, stdout, stderr string) {
	t.Helper()
	var out, errs bytes.Buffer
	code = Main(t.Context(), Process{Args: args, Environ: environ, Stdout: &out, Stderr: &errs})
	return code, out.String(), errs.String()
}

// working returns an environment that can be used, with some variables changed. Nothing listens at its addresses.
func working(changes ...string) []string {
	return append([]string{
		"PATH=/usr/bin:/bin",
		"DATABASE_URL=postgres://app:canary@127.0.0.1:1/app",
		"CRYPTO_KEYS=dev:gJ2Vd0cSaXsU1y3qvT8mZr5nLw7bKe9hPf4oYtRxQ6A=",
	}, changes...)
}

func TestACommandLineThatMakesNoSenseIsToldAndEndsWith2(t *testing.T) {
	for line, want := range map[string]string{
		"":               "no command",
		"sevre":          `unknown command "sevre"`,
		"serve now":      "want: serve",
		"version --json": "want: version",
	} {
		code, stdout, stderr := execute(t, nil, strings.Fields(line)...)
		if code != 2 || stdout != "" || stderr != "myapp: "+want+"\n\n"+help() {
			t.Errorf("%q ends with %d, prints %q and %q", line, code, stdout, stderr)
		}
	}
}

func TestHelpNamesEveryCommand(t *testing.T) {
	code, stdout, stderr := execute(t, nil, "help")
	if code != 0 || stderr != "" {
		t.Errorf("help ends with %d and %q", code, stderr)
	}
	for _, c := range commands() {
		if !strings.Contains(stdout, "    "+c.name+" ") || !strings.Contains(stdout, c.summary+"\n") {
			t.Errorf("help does not explain %s:\n%s", c.name, stdout)
		}
	}
}

func TestTheImageIsForProductionUnlessItIsToldOtherwise(t *testing.T) {
	text, err := os.ReadFile("../../Dockerfile")
	if err != nil || !strings.Contains(string(text), "\nENV APP_ENV=production ") {
		t.Errorf("an image that is run as it is skips what production refuses: error %v", err)
	}
}

func TestVersionNamesTheGoRelease(t *testing.T) {
	code, stdout, _ := execute(t, nil, "version")
	if code != 0 || !strings.HasPrefix(stdout, "myapp ") || !strings.HasSuffix(stdout, " "+runtime.Version()+"\n") {
		t.Errorf("version ends with %d and %q", code, stdout)
	}
}

func TestEveryCommandThatNeedsTheEnvironmentTellsAllThatIsWrongWithIt(t *testing.T) {
	const want = `myapp: the environment cannot be used
    APP_ENV is neither development nor production
    MAX_IN_FLIGHT is not a whole number
`
	for _, c := range commands() {
		if c.name == "version" || c.args != "" {
			continue
		}
		if code, _, stderr := execute(t, working("APP_ENV=prod", "MAX_IN_FLIGHT=x"), strings.Fields(c.name)...); code != 1 || stderr != want {
			t.Errorf("%s ends with %d and\n%s\nwant\n%s", c.name, code, stderr, want)
		}
	}
}

func TestTheConfigurationIsPrintedWithoutItsSecrets(t *testing.T) {
	code, stdout, stderr := execute(t, working("LOG_LEVEL=debug"), "config")
	if code != 0 || stderr != "" {
		t.Errorf("config ends with %d and %q", code, stderr)
	}
	rows := make(map[string]string)
	for line := range strings.Lines(stdout) {
		name, rest, _ := strings.Cut(line, " ")
		rows[name] = strings.Join(strings.Fields(rest), " ")
	}
	if rows["LOG_LEVEL"] != "debug environment" || rows["REQUEST_TIMEOUT"] != "10s default" {
		t.Errorf("config prints\n%s", stdout)
	}
	if strings.Contains(stdout, "canary") {
		t.Errorf("config prints a secret:\n%s", stdout)
	}
}

func TestHealthAsksTheProcessOnThisMachine(t *testing.T) {
	status := http.StatusOK
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.WriteHeader(status)
		_, _ = w.Write([]byte(r.URL.Path + "\n"))
	}))
	environ := working("ADMIN_ADDR=" + strings.TrimPrefix(server.URL, "http://"))

	if code, stdout, stderr := execute(t, environ, "health"); code != 0 || stdout != "/readyz\n" || stderr != "" {
		t.Errorf("health of a ready process ends with %d, prints %q and %q", code, stdout, stderr)
	}
	status = http.StatusServiceUnavailable
	if code, _, stderr := execute(t, environ, "health"); code != 1 || stderr != "myapp: not ready: 503 Service Unavailable\n" {
		t.Errorf("health of an unready process ends with %d and %q", code, stderr)
	}
	server.Close()
	if code, _, stderr := execute(t, environ, "health"); code != 1 || !strings.HasPrefix(stderr, "myapp: ask for health: ") {
		t.Errorf("health of no process ends with %d and %q", code, stderr)
	}
}
