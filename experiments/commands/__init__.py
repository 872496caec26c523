"""The commands of ``uptake``, one module a family. Each imports what it needs only when it runs, so that help is quick."""
