package cache

import (
	"context"
	"crypto/rand"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"log/slog"
	"sync/atomic"
	"time"

	goredis "github.com/redis/go-redis/v9"

	"example.com/myapp/internal/platform/authz"
	"example.com/myapp/internal/platform/id"
	"example.com/myapp/internal/platform/redis"
)

const (
	// believed is how long a principal is remembered. That is also how long it may be wrong where Redis was away when a change was
	// made, or where a command that was run by hand ended before it could tell of it.
	believed = time.Minute

	// changeTime is longer than a change may take.
	changeTime = 2 * time.Minute

	// generationLife is longer than anything that was stored under the generation.
	generationLife = 24 * time.Hour
)

// Principals remembers who is signed in by a token, and what that one may do. Its truth is where load reads it.
//
//	Get: look -> hit, or load -> put
//	Changing: no generation, until Forget: a new generation
//
// Everybody, each user and each tenant has a generation, which is a random text. A principal is stored under the three that held
// before it was read, and believed while they hold: what was read before a change is not believed after it, whoever stores it,
// and when. If Redis is emptied the generations are gone, too, and nothing is believed; nor is what it knew before it was away.
// The first load of a token learns whose generations count, the second is stored.
//
// Redis holds a hash of the token, ids, and permissions: it signs nobody in, and who may write there may be anybody.
type Principals struct {
	store *Store
	scope string
	counters

	// doubt says that Redis was away, and may have missed a change.
	doubt atomic.Bool
}

// NewPrincipals returns the memory of a version of the program; another one may know other permissions.
func NewPrincipals(s *Store, version string) *Principals {
	p := &Principals{store: s, scope: "principals:" + version + ":"}
	s.add(p)
	return p
}

// Get returns who acts with the token in the tenant that the request names, as it is remembered or else as load says. Nobody and
// errors are not remembered. One that is found costs one round trip.
func (p *Principals) Get(ctx context.Context, token, tenant string, load func(context.Context) (authz.Principal, error)) (authz.Principal, error) {
	sum := sha256.Sum256([]byte(token + "\n" + tenant))
	key := p.scope + hex.EncodeToString(sum[:])
	generations, body, err := p.look(ctx, key)
	var who authz.Principal
	if body != "" && json.Unmarshal([]byte(body), &who) == nil {
		p.hits.Add(1)
		return who, nil
	}
	p.misses.Add(1)
	who, failed := load(ctx)
	if err == nil && failed == nil && who.Kind == authz.User {
		err = p.put(ctx, key, generations, who)
		p.loads.Add(1)
	}
	if err != nil {
		p.errors.Add(1)
	}
	return who, failed
}

// Changing ends what is remembered of users and tenants until Forget; the zero id is nobody. It is called before the commit of a
// change: if the process ends before Forget, or is not told whether it has committed, nobody is believed who was before it.
func (p *Principals) Changing(ctx context.Context, ids ...id.UUID) {
	err := p.store.redis.Ask(ctx, func(ctx context.Context, c *redis.Client) error {
		return begin(ctx, c, unsettled, changeTime, named(ids))
	})
	if err != nil {
		p.errors.Add(1) // Forget may have more luck
	}
}

// Forget ends what is remembered of users and tenants; the zero id is nobody. A Get that begins after it returned sees what was
// committed before it was called, in every process. A nil Principals has nothing to forget. What Redis cannot be told now it is
// told with the next Get that reaches it.
func (p *Principals) Forget(ctx context.Context, ids ...id.UUID) {
	if p == nil {
		return
	}
	if err := p.renew(ctx, named(ids)...); err != nil {
		p.doubt.Store(true)
		p.errors.Add(1)
		p.store.log.WarnContext(ctx, "redis was not told of a change of who may do what", slog.Any("error", err))
	}
}

// ForgetEverybody ends all that is remembered.
func (p *Principals) ForgetEverybody(ctx context.Context) error {
	return p.renew(ctx, everybody)
}

// everybody has a generation as well, and nowhere, where who names no tenant acts.
const (
	everybody = "everybody"
	nowhere   = "nowhere"
)

const generationOf = "principals:generation:"

// unsettled begins the text of a generation under which nothing is stored.
const unsettled = "!"

func named(ids []id.UUID) (names []string) {
	for _, one := range ids {
		if !one.IsZero() {
			names = append(names, one.String())
		}
	}
	return names
}

// renew begins new generations.
func (p *Principals) renew(ctx context.Context, of ...string) error {
	within, cancel := context.WithTimeout(context.WithoutCancel(ctx), forgetTimeout)
	defer cancel()
	return begin(within, p.store.client, "", generationLife, of)
}

func begin(ctx context.Context, c *redis.Client, prefix string, life time.Duration, of []string) error {
	_, err := c.Pipelined(ctx, func(pipe goredis.Pipeliner) error {
		for _, one := range of {
			pipe.Set(ctx, generationOf+one, prefix+rand.Text(), life)
		}
		return nil
	})
	return err
}

// lookUp returns the generations of whom the key is about, if all are there and settled, and the principal, if it was stored under
// them.
var lookUp = goredis.NewScript(`
	local known = redis.call('HMGET', KEYS[1], 'user', 'tenant', 'generations', 'until', 'body')
	if not known[1] then return {} end
	local held = redis.call('MGET', ARGV[1] .. ARGV[2], ARGV[1] .. known[1], ARGV[1] .. known[2])
	if not (held[1] and held[2] and held[3]) then return {} end
	local generations = table.concat(held)
	if string.find(generations, '!', 1, true) then return {} end
	if known[3] == generations and tonumber(known[4]) > tonumber(redis.call('TIME')[1]) then return {generations, known[5]} end
	return {generations}`)

func (p *Principals) look(ctx context.Context, key string) (generations, body string, err error) {
	err = p.store.redis.Ask(ctx, func(ctx context.Context, c *redis.Client) error {
		if p.doubt.Load() {
			if err := c.Set(ctx, generationOf+everybody, rand.Text(), generationLife).Err(); err != nil {
				return err
			}
			p.doubt.Store(false)
		}
		found, err := lookUp.Run(ctx, c, []string{key}, generationOf, everybody).StringSlice()
		if len(found) > 0 {
			generations = found[0]
		}
		if len(found) > 1 {
			body = found[1]
		}
		return err
	})
	if err != nil && ctx.Err() == nil {
		p.doubt.Store(true)
	}
	return generations, body, err
}

// putDown stores a principal under the generations that were found before it was read, and begins those that are not there.
var putDown = goredis.NewScript(`
	for _, one in ipairs({ARGV[2], ARGV[3], ARGV[4]}) do redis.call('SET', ARGV[1] .. one, ARGV[5], 'NX', 'EX', ARGV[6]) end
	redis.call('HSET', KEYS[1], 'user', ARGV[3], 'tenant', ARGV[4], 'generations', ARGV[7],
		'until', redis.call('TIME')[1] + ARGV[8], 'body', ARGV[9])
	redis.call('EXPIRE', KEYS[1], ARGV[6])`)

func (p *Principals) put(ctx context.Context, key, generations string, who authz.Principal) error {
	body, err := json.Marshal(who)
	if err != nil {
		return err
	}
	tenant := nowhere
	if !who.Tenant.IsZero() {
		tenant = who.Tenant.String()
	}
	return p.store.redis.Ask(ctx, func(ctx context.Context, c *redis.Client) error {
		err := putDown.Run(ctx, c, []string{key}, generationOf, everybody, who.ID.String(), tenant, rand.Text(),
			int(generationLife.Seconds()), generations, int(believed.Seconds()), body).Err()
		if err == goredis.Nil { //nolint:errorlint // the script returns nothing
			return nil
		}
		return err
	})
}

func (p *Principals) stats() Stats { return p.counters.stats("principals") }
