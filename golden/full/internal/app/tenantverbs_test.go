package app

import (
	"encoding/json"
	"maps"
	"math/rand/v2"
	"slices"
	"strings"

	"github.com/jackc/pgx/v5"
)

// fuzzVerbs are what the fuzz does to a table.
var fuzzVerbs = []string{"select", "select for update", "join", "insert", "insert on conflict", "update", "update of tenant_id", "delete", "foreign key"}

// fuzzAttempt is one operation: a query that shows of which tenants the rows are that it reached, and what to ask when it was not
// refused, which shows something where it should have been.
type fuzzAttempt struct {
	query, check string
	row          tableRow // that it inserts
}

// attempt makes one of a client of the tenant me on the rows of them. Its SQL forgets the tenant or names the other one.
func (t *table) attempt(rng *rand.Rand, verb, me, them string) fuzzAttempt {
	theirs := pickOne(rng, t.rows[them]...)
	where := pickOne(rng, "", " where tenant_id = '"+them+"'", " where tenant_id <> '"+me+"'",
		" where ("+columnNames(t.own())+") in (select "+columnNames(t.own())+" from "+t.record(theirs)+")")
	const shown = " returning tenant_id::text"
	switch verb {
	case "select":
		return fuzzAttempt{query: "select tenant_id::text from " + t.Name + where}
	case "select for update":
		return fuzzAttempt{query: "select tenant_id::text from " + t.Name + where + " for update"}
	case "join":
		return fuzzAttempt{query: "select distinct unnest(array_remove(array[a.tenant_id, b.tenant_id], null))::text from (select * from " +
			t.Name + where + ") a left join " + t.Name + " b on " + pickOne(rng, "true", "a.tenant_id <> b.tenant_id")}
	case "update":
		fresh := t.row(rng, them)
		set := changeableColumn(rng, fresh)
		return fuzzAttempt{query: "update " + t.Name + " set " + set + " = (select " + set + " from " + t.record(fresh) + ")" + where + shown}
	case "update of tenant_id":
		return fuzzAttempt{query: "update " + t.Name + " set tenant_id = '" + pickOne(rng, me, them) + "'" + where + shown}
	case "delete":
		return fuzzAttempt{query: "delete from " + t.Name + where + shown}
	case "foreign key":
		return t.refer(rng, me, them)
	}
	// An insert: of a row of theirs, or of one's own that has what theirs has.
	planted := maps.Clone(pickOne(rng, theirs, t.row(rng, them)))
	planted["tenant_id"] = pickOne(rng, me, them)
	a := fuzzAttempt{row: planted, query: t.insert(planted)}
	if verb == "insert on conflict" {
		set := changeableColumn(rng, planted)
		a.query += " on conflict (" + columnNames(t.Key) + ") do " + pickOne(rng, "nothing", "update set "+set+" = excluded."+set)
	}
	a.query += pickOne(rng, shown, shown, "")
	return a
}

// attackable says whether it may be pointed at another tenant's row: it refers to a table of tenants by more than the tenant.
func (r foreignKey) attackable() bool {
	return r.table != nil && !slices.Equal(r.From, []string{"tenant_id"})
}

func (t *table) refers() bool { return slices.ContainsFunc(t.References, foreignKey.attackable) }

// refer inserts a row of one's own that refers to a row of theirs.
func (t *table) refer(rng *rand.Rand, me, them string) fuzzAttempt {
	to := pickOne(rng, slices.DeleteFunc(slices.Clone(t.References), func(r foreignKey) bool { return !r.attackable() })...)
	planted, parent := t.row(rng, me), tableRow{}
	for i, from := range to.From {
		if from != "tenant_id" {
			planted[from] = to.table.rows[them][0][to.Columns[i]]
		}
		parent[to.Columns[i]] = planted[from]
	}
	of := slices.Sorted(maps.Keys(parent))
	return fuzzAttempt{
		row:   planted,
		query: t.insert(planted),
		check: "select 'a row that one does not see' where not exists (select from " + to.To + " where (" + columnNames(of) + ") in (select " + columnNames(of) +
			" from " + to.table.record(parent) + "))",
	}
}

// duplicate returns a query that shows something if one does not see the row that is said to have what r has already.
func (t *table) duplicate(index string, r tableRow) string {
	var same, compared []string
	for i, expression := range t.Uniques[index] {
		name := "k" + string(rune('a'+i))
		compared = append(compared, "("+expression+") as "+name)
		same = append(same, name)
	}
	of := "select " + strings.Join(compared, ", ") + " from "
	return "select 'that a row exists' where not exists (select from (" + of + t.Name + ") a join (" + of + t.record(r) + ") b using (" +
		strings.Join(same, ", ") + "))"
}

// insert returns the statement that inserts the row.
func (t *table) insert(r tableRow) string {
	columns := columnNames(slices.Sorted(maps.Keys(r)))
	return "insert into " + t.Name + " (" + columns + ") select " + columns + " from " + t.record(r)
}

// record is the row in the form of the table, to select from.
func (t *table) record(r tableRow) string {
	text, _ := json.Marshal(r) // of strings, numbers and the like
	return "jsonb_populate_record(null::" + t.Name + ", '" + strings.ReplaceAll(string(text), "'", "''") + "')"
}

// own is the key without the tenant, where there is more of it.
func (t *table) own() []string {
	own := slices.DeleteFunc(slices.Clone(t.Key), func(name string) bool { return name == "tenant_id" })
	if len(own) == 0 {
		return t.Key
	}
	return own
}

// changeableColumn is one column of the row, and not the tenant where there is another.
func changeableColumn(rng *rand.Rand, r tableRow) string {
	columns := slices.DeleteFunc(slices.Sorted(maps.Keys(r)), func(name string) bool { return name == "tenant_id" && len(r) > 1 })
	return columnNames([]string{pickOne(rng, columns...)})
}

// columnNames are those columns in SQL.
func columnNames(columns []string) string {
	var quoted []string
	for _, c := range columns {
		quoted = append(quoted, pgx.Identifier{c}.Sanitize())
	}
	return strings.Join(quoted, ", ")
}
