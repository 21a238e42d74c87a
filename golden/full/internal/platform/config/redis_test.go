package config

import "testing"

func TestARedisIsNeeded(t *testing.T) {
	for _, url := range []string{"", "127.0.0.1:6379", "http://127.0.0.1", "redis://%zz"} {
		if got := problems(t, "REDIS_URL="+url); got["REDIS_URL"] == "" {
			t.Errorf("REDIS_URL=%s is not refused", url)
		}
	}
	if got := problems(t, "REDIS_TIMEOUT=0s"); got["REDIS_TIMEOUT"] == "" {
		t.Error("REDIS_TIMEOUT=0s is not refused")
	}
}

func TestProductionDemandsTLSToARedisElsewhere(t *testing.T) {
	for url, refused := range map[string]bool{
		"redis://:p@redis.example.com:6379/0":  true,
		"redis://:p@10.0.0.5:6379/0":           true,
		"rediss://:p@redis.example.com:6379/0": false,
		"redis://127.0.0.1:6379/0":             false,
		"redis://localhost:6379/0":             false,
	} {
		if _, found := problems(t, "APP_ENV=production", "REDIS_URL="+url)["REDIS_URL"]; found != refused {
			t.Errorf("REDIS_URL=%s in production: refused is %v, want %v", url, found, refused)
		}
	}
}
