package db

const foreignKeyViolation = "23503"

// Referred says whether err is that of a row which cannot go, or change its key, because others refer to it.
func Referred(err error) bool {
	return is(err, foreignKeyViolation)
}
