"""What the pages of trials say: groups of arms, doubts, what an error rests on, and the words inside the figures."""

from __future__ import annotations

from django.utils.functional import Promise
from django.utils.translation import get_language, gettext_lazy, pgettext_lazy
from django.utils.translation import gettext as _

from mesoplan.clinic.shell.writing import decimal_sign
from mesoplan.documents.trial_figures import FigureWords
from mesoplan.domain.writing import Language

GROUPS: dict[str, Promise] = {
    "injected-tranexamic-acid": pgettext_lazy("group of arms", "Tranexamic acid, injected"),
    "injected-tranexamic-acid-mixture": pgettext_lazy("group of arms", "Tranexamic acid with something else, injected"),
    "injected-glutathione": pgettext_lazy("group of arms", "Glutathione, injected"),
    "injected-vitamin-c": pgettext_lazy("group of arms", "Vitamin C, injected"),
    "injected-platelet-rich-plasma": pgettext_lazy("group of arms", "Platelet-rich plasma, injected"),
    "needled-tranexamic-acid": pgettext_lazy("group of arms", "Tranexamic acid with microneedling"),
    "needled-other": pgettext_lazy("group of arms", "Something else with microneedling"),
    "needle-alone": pgettext_lazy("group of arms", "Needle alone"),
    "laser-tranexamic-acid": pgettext_lazy("group of arms", "Tranexamic acid with a laser"),
    "iontophoresis-vitamin-c": pgettext_lazy("group of arms", "Vitamin C by iontophoresis"),
    "oral-tranexamic-acid": pgettext_lazy("group of arms", "Tranexamic acid by mouth"),
    "topical-tranexamic-acid": pgettext_lazy("group of arms", "Tranexamic acid on the skin"),
    "triple-combination": pgettext_lazy("group of arms", "Triple combination cream"),
    "hydroquinone": pgettext_lazy("group of arms", "Hydroquinone"),
    "other-topical": pgettext_lazy("group of arms", "Other creams"),
    "peel": pgettext_lazy("group of arms", "Peels"),
    "hyaluronic-acid": pgettext_lazy("group of arms", "Hyaluronic acid, not cross-linked, injected"),
    "cross-linked-hyaluronic-acid": pgettext_lazy("group of arms", "Hyaluronic acid, cross-linked, injected"),
    "revitalising-mix": pgettext_lazy("group of arms", "Vitamins and hyaluronic acid, injected"),
    "polynucleotide": pgettext_lazy("group of arms", "Polynucleotides, injected"),
    "deoxycholic-acid": pgettext_lazy("group of arms", "Deoxycholic acid, injected"),
    "collagenase": pgettext_lazy("group of arms", "Collagenase, injected"),
    "cellulite-cocktail": pgettext_lazy("group of arms", "Cocktails against cellulite, injected"),
    "dutasteride": pgettext_lazy("group of arms", "Dutasteride, injected"),
    "other": pgettext_lazy("group of arms", "Other treatments"),
    "placebo-or-sunscreen": pgettext_lazy("group of arms", "Placebo, sham or sunscreen alone"),
    "saline-or-placebo-injection": pgettext_lazy("group of arms", "Saline or placebo, injected"),
    "untreated": pgettext_lazy("group of arms", "Untreated"),
}

FLAGS: dict[str, Promise] = {
    "inferred-week": pgettext_lazy("doubt", "week inferred"),
    "inferred-sessions": pgettext_lazy("doubt", "sessions inferred"),
    "derived-count": pgettext_lazy("doubt", "count worked out"),
    "assumed-split": pgettext_lazy("doubt", "equal groups assumed"),
    "completers-only": pgettext_lazy("doubt", "only those who completed"),
    "subgroup": pgettext_lazy("doubt", "subgroup"),
    "secondary-source": pgettext_lazy("doubt", "known from a quotation"),
    "pooled": pgettext_lazy("doubt", "pooled"),
    "implausible-spread": pgettext_lazy("doubt", "spread not plausible"),
    "inconsistent": pgettext_lazy("doubt", "contradicts itself"),
    "outlier": pgettext_lazy("doubt", "beyond belief, left out of the summary"),
}

GROUNDS: dict[str, Promise] = {
    "sd-of-change": pgettext_lazy("error rests on", "standard deviation of the change, as printed"),
    "sd-of-percentages": pgettext_lazy("error rests on", "standard deviation of the percentages, as printed"),
    "sds-and-assumed-correlation": pgettext_lazy("error rests on", "both standard deviations, correlation assumed"),
    "assumed-sd": pgettext_lazy("error rests on", "assumed standard deviation"),
    "number-of-patients-unknown": pgettext_lazy("error rests on", "number of patients not known"),
    "spread-unknown": pgettext_lazy("error rests on", "spread not known"),
}

DIRECTIONS: dict[str, Promise] = {
    "positive": pgettext_lazy("direction", "for"),
    "negative": pgettext_lazy("direction", "against"),
    "neutral": pgettext_lazy("direction", "no difference"),
    "mixed": pgettext_lazy("direction", "mixed"),
}

ROLES: dict[str, Promise] = {
    "active": pgettext_lazy("role of an arm", "under study"),
    "comparator": pgettext_lazy("role of an arm", "compared with"),
    "control": pgettext_lazy("role of an arm", "control"),
}

DESIGNS: dict[str, Promise] = {
    "randomised": gettext_lazy("Randomised"),
    "comparative": gettext_lazy("Compared, not randomised"),
    "single-arm": gettext_lazy("One group, without control"),
    "retrospective": gettext_lazy("Records read afterwards"),
    "extension": gettext_lazy("Follow-up of an earlier trial"),
    "post-hoc": gettext_lazy("Trials pooled afterwards"),
    "meta-analysis": gettext_lazy("Published summary"),
    "registration": gettext_lazy("Registered, without figures"),
}


def figure_words() -> FigureWords:
    """The words of the figures in the language of the page; labels of studies stay English and say so."""
    english = get_language() == Language.ENGLISH
    return FigureWords(
        groups={group: str(words) for group, words in GROUPS.items()},
        columns=(_("Study"), _("Week"), _("Patients"), _("Change (95 %)")),
        share_columns=(_("Study and what counts"), _("Week"), _("Patients"), _("Share (95 %)")),
        change_axis=_("Change from the arm’s own baseline in per cent, log scale"),
        share_axis=_("Share of patients in per cent"),
        lower=_("falls"),
        higher=_("rises"),
        together=_("Together, {count} arms"),
        with_outliers=_("With the outliers, {count} arms"),
        new_clinic=_("A new clinic must expect (95 %)"),
        too_few=_("too few arms to say"),
        no_error=_("error not known"),
        forest_name=_("Forest plot: change of each arm from its own baseline"),
        shares_name=_("Share of the patients of each arm who met a definition"),
        legend=_(
            "■ size by patients  □ doubtful  ● error not known  ◆ together  ▬ range for a new clinic  grey: control"
        ),
        share_legend=_("■ size by patients  ● number of patients not known  grey: control"),
        labels_in=None if english else "en",
        decimal=decimal_sign(),
    )
