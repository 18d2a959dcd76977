"""Numbers only: arrays and floats in and out, units in the names, usable without the rest.

Where a drop lands and what it leaves, from the needle to the interval:

- :mod:`~mesoplan.kernels.landing`: chances of epidermis, dermis, fat and of passing a depth; the likeliest position.
- :mod:`~mesoplan.kernels.depot`: ball or wheal of a volume; closed forms in a uniform medium.
- :mod:`~mesoplan.kernels.layered_diffusion`: what one depot leaves in layered skin, over all time or at an hour.
- :mod:`~mesoplan.kernels.uptake`: what is left in the skin, and what flows into the blood.
- :mod:`~mesoplan.kernels.exposure`: tables of such kernels, and their sum over a plan.
- :mod:`~mesoplan.kernels.kernel_store`: kernels kept in a folder, so that each is worked out once.
- :mod:`~mesoplan.kernels.coverage`: how evenly a layer is reached; thin and rich places; tried moves.
- :mod:`~mesoplan.kernels.lattice_coverage`: the same for ideal lattices, a hundred thousand a second.
- :mod:`~mesoplan.kernels.lattice_waves`: the field of one ideal lattice in milliseconds, without any kernel.
- :mod:`~mesoplan.kernels.solutes`: what skin does to a solute, as ranges with their source or none.
- :mod:`~mesoplan.kernels.coverage_interval`: coverage as an interval over these ranges.

How far each of these is right is in docs/validation/exposure.md.

What a course may bring, from the curve to the clinic:

- :mod:`~mesoplan.kernels.response`: the curve of severity under treatment and after it, and how a score is read on it.
- :mod:`~mesoplan.kernels.patient_posterior`: what one patient's scores say, as weighted draws.
- :mod:`~mesoplan.kernels.posterior_rounds`: the same, slower, where odd scores leave two readings.
- :mod:`~mesoplan.kernels.posterior_batch`: the chance of a goal for many patients at once.
- :mod:`~mesoplan.kernels.clinic_fit`: a clinic's effect, spread and rating error from its courses.

How far these are right is in docs/validation/forecast-kernels.md.
"""
