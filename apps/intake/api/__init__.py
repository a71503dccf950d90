"""The programs' doors of intake: tickets come in and are read, customers write again, files are handed over first."""
