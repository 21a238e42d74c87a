package config

import "testing"

func TestProductionSendsItsMail(t *testing.T) {
	for url, want := range map[string][2]bool{ // refused in development, in production
		"file:.dev/mail":        {false, true},
		"file:":                 {true, true},
		"smtp://localhost:1025": {false, false},
		"smtps://ann:hunter2@mail.example.com:465": {false, false},
		"smtp://":          {true, true},
		"mail.example.com": {true, true},
	} {
		_, development := problems(t, "MAIL_URL="+url)["MAIL_URL"]
		_, production := problems(t, "APP_ENV=production", "MAIL_URL="+url)["MAIL_URL"]
		if got := [2]bool{development, production}; got != want {
			t.Errorf("MAIL_URL=%s: refused is %v, want %v", url, got, want)
		}
	}
	if got := problems(t, "MAIL_FROM=nobody"); got["MAIL_FROM"] == "" {
		t.Error("a sender without an address is taken")
	}
}
