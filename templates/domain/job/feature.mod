// Job is one job of a domain: its fields, its handler and its limits in one file, its
// tests in another, and a row in the domain's list of jobs.
feature job
summary "a job of a domain"
needs postgres
needs audit
needs jobs
