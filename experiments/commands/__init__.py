"""The commands of ``uptake``, one module a family. Each imports what it needs when it runs, so that help is quick."""
