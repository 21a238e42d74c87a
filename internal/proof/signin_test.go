package proof

import (
	"io"
	"mime/quotedprintable"
	"net/mail"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

// signIn goes the way of a founder's first user: it signs up, takes the link
// of the mail, logs in and makes a workspace. It returns the headers of the
// requests that follow.
func signIn(t *testing.T, base, dir string) []string {
	t.Helper()
	const email, password = "ada@acme.example.org", `"a long and private sentence"`
	identity := base + "/v1/identity"
	send(t, "POST", identity+"/signup", `{"email":"`+email+`"}`).want(t, "sign up", 202)
	var token string
	until(t, "the mail with the link", func() bool { token = linkOf(t, filepath.Join(dir, ".dev", "mail")); return token != "" })
	// The link holds from the end of the job on that has sent it.
	verify := `{"token":"` + token + `","name":"Ada","password":` + password + `}`
	until(t, "the link is taken", func() bool { return send(t, "POST", identity+"/verify", verify).status == 204 })
	in := send(t, "POST", identity+"/login", `{"email":"`+email+`","password":`+password+`}`).want(t, "log in", 204)
	cookie, _, _ := strings.Cut(in.header.Get("Set-Cookie"), ";")
	space := send(t, "POST", base+"/v1/workspaces", `{"name":"Acme"}`, "Cookie", cookie).want(t, "make a workspace", 201)
	id, _ := space.body["id"].(string)
	if !strings.HasPrefix(id, "ws_") {
		t.Fatalf("no workspace: %v", space.body)
	}
	return []string{"Cookie", cookie, "X-Workspace", id}
}

// link is what the mails hold, with the token behind the #.
var link = regexp.MustCompile(`/verify#(\S+)`)

// linkOf returns the token of the link in the folder's mails, or "".
func linkOf(t *testing.T, folder string) string {
	t.Helper()
	files, err := filepath.Glob(filepath.Join(folder, "*.eml"))
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range files {
		f, err := os.Open(name)
		if err != nil {
			t.Fatal(err)
		}
		defer f.Close()
		m, err := mail.ReadMessage(f)
		if err != nil {
			return "" // it is being written
		}
		text, _ := io.ReadAll(quotedprintable.NewReader(m.Body))
		if found := link.FindSubmatch(text); found != nil {
			return string(found[1])
		}
	}
	return ""
}
