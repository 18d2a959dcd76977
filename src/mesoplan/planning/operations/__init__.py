"""What the plan editor does to a draft: operations applied all or none, undo, renewal of a lattice, differences."""
