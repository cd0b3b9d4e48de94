"""The part of a generated client that does not depend on the contract.

A generated package hands its operations, schemas and error classes over as one `contract.Contract`. Nothing here
imports a generated package, and several of them can share one process.
"""
