"""Osmolarity of stocks and of their mixtures, calculated.

The model is the ideal solution: every solute is fully dissociated (osmotic coefficient 1), volumes add up,
nothing reacts or precipitates. Salts in real solutions lie below it. What is computed is osmolarity (per litre of
solution); osmometers and most published limits give osmolality (per kg of water). The two are close in dilute
solutions and part in concentrated stocks, where a litre holds clearly less than a kilogram of water.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]


def stock_osmolarity_mosm_l(strength_mg_ml: float, molar_mass_g_mol: float, particles: float) -> float:
    """Return the osmolarity of one dissolved substance.

    Parameters
    ----------
    strength_mg_ml : float
        Mass in volume [mg/mL = g/L], not negative.
    molar_mass_g_mol : float
        Molar mass of the form that the strength counts [g/mol], positive.
    particles : float
        Particles from one formula unit when dissolved [1], positive.

    Returns
    -------
    float
        Osmolarity [mosm/L] of this substance alone; excipients add to it.

    Raises
    ------
    ValueError
        If a figure is out of its range.
    """
    if strength_mg_ml < 0 or molar_mass_g_mol <= 0 or particles <= 0:
        raise ValueError("strength must not be negative; molar mass and particle count must be positive")
    return 1000.0 * strength_mg_ml / molar_mass_g_mol * particles


def mixture_osmolarity_mosm_l(volume_ml: Floats, stock_mosm_l: Floats) -> tuple[float, float]:
    """Return the osmolarity range of a mixture of stocks.

    Parameters
    ----------
    volume_ml : array, shape (n,)
        Volume of each stock [mL], none negative, their sum positive.
    stock_mosm_l : array, shape (n, 2)
        Lower and upper osmolarity of each stock [mosm/L]; equal where one figure is known.

    Returns
    -------
    tuple of float
        Lower and upper osmolarity [mosm/L].

    Raises
    ------
    ValueError
        If shapes differ, a volume is negative, or nothing is mixed.
    """
    volumes = np.asarray(volume_ml, dtype=np.float64)
    stocks = np.asarray(stock_mosm_l, dtype=np.float64)
    if volumes.ndim != 1 or stocks.shape != (volumes.size, 2):
        raise ValueError("needs n volumes and n pairs of stock osmolarities")
    total = float(volumes.sum())
    if bool((volumes < 0).any()) or total <= 0:
        raise ValueError("volumes must not be negative and must add up to more than zero")
    low, high = volumes @ stocks / total
    return float(low), float(high)
