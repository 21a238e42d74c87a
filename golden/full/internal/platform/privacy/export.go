package privacy

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"strings"

	"github.com/jackc/pgx/v5"

	"example.com/myapp/internal/platform/id"
)

// Export writes what is stored about a person and marked export=yes, as lines of JSON: the table, and one of its rows. Rows are
// written as they are read, all in one transaction.
func (s *Service) Export(ctx context.Context, user id.UUID, w io.Writer) error {
	tables, err := s.Map(ctx)
	if err != nil {
		return err
	}
	return s.across.Read(ctx, func(ctx context.Context, tx pgx.Tx) error {
		for _, t := range tables {
			query := t.export(tables)
			if query == "" {
				continue
			}
			rows, err := tx.Query(ctx, query, user)
			if err != nil {
				return fmt.Errorf("export %s.%s: %w", t.Schema, t.Name, err)
			}
			var row json.RawMessage
			_, err = pgx.ForEachRow(rows, []any{&row}, func() error {
				_, err := fmt.Fprintf(w, "{\"table\":\"%s.%s\",\"row\":%s}\n", t.Schema, t.Name, row)
				return err
			})
			if err != nil {
				return fmt.Errorf("export %s.%s: %w", t.Schema, t.Name, err)
			}
		}
		return nil
	})
}

// export returns the query for what the person $1 is given of the table, or nothing.
func (t Table) export(all []Table) string {
	var pairs []string
	for _, c := range t.Columns {
		if c.Export {
			pairs = append(pairs, "'"+strings.ReplaceAll(c.Name, "'", "''")+"', "+quote(c.Name))
		}
	}
	if len(pairs) == 0 || len(t.Subjects()) == 0 {
		return ""
	}
	return "select json_build_object(" + strings.Join(pairs, ", ") + ") from " + t.name() + " where " + t.isOf(all)
}
