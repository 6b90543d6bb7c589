/* SPDX-License-Identifier: Apache-2.0 */
/* Units of measure. Each stands by what it is in its family's unit of reference. */
#include "kql/kql_emit.h"
#include "kql/kql_fn.h"

#include <stdio.h>

struct unit {
    const char *name;
    double      factor; /* one of it in units of reference */
    double      zero;   /* where its zero lies in units of reference: of temperatures */
};

#define PI 3.14159265358979323846
#define LB 0.45359237   /* kilograms */
#define GRAVITY 9.80665 /* m/s² */
#define FT 0.3048       /* meters */
#define US_FT (1200 / 3937.0)
#define BTU 1055.05585262  /* joules */
#define EV 1.602176565e-19 /* joules */
#define CUBIC_FT (FT * FT * FT)
#define US_GAL 0.003785411784
#define UK_GAL 0.00454609
#define LIGHT_YEAR 9.46073047258e15
#define PARSEC 3.08567758128e16

static const struct unit ANGLES[] = {
    /* radians */
    { "Arcminute", PI / 10800, 0 },   { "Arcsecond", PI / 648000, 0 },
    { "Centiradian", 1e-2, 0 },       { "Deciradian", 1e-1, 0 },
    { "Degree", PI / 180, 0 },        { "Gradian", PI / 200, 0 },
    { "Microdegree", PI / 180e6, 0 }, { "Microradian", 1e-6, 0 },
    { "Millidegree", PI / 180e3, 0 }, { "Milliradian", 1e-3, 0 },
    { "Nanodegree", PI / 180e9, 0 },  { "Nanoradian", 1e-9, 0 },
    { "NatoMil", PI / 3200, 0 },      { "Radian", 1, 0 },
    { "Revolution", 2 * PI, 0 },      { NULL, 0, 0 },
};

static const struct unit ENERGIES[] = {
    /* joules */
    { "BritishThermalUnit", BTU, 0 },
    { "Calorie", 4.184, 0 },
    { "DecathermEc", BTU * 1e6, 0 },
    { "DecathermImperial", BTU * 1e6, 0 },
    { "DecathermUs", 1.054804e9, 0 },
    { "ElectronVolt", EV, 0 },
    { "Erg", 1e-7, 0 },
    { "FootPound", FT *LB *GRAVITY, 0 },
    { "GigabritishThermalUnit", BTU * 1e9, 0 },
    { "GigaelectronVolt", EV * 1e9, 0 },
    { "Gigajoule", 1e9, 0 },
    { "GigawattDay", 86400e9, 0 },
    { "GigawattHour", 3600e9, 0 },
    { "HorsepowerHour", 550 * FT *LB *GRAVITY * 3600, 0 },
    { "Joule", 1, 0 },
    { "KilobritishThermalUnit", BTU * 1e3, 0 },
    { "Kilocalorie", 4184, 0 },
    { "KiloelectronVolt", EV * 1e3, 0 },
    { "Kilojoule", 1e3, 0 },
    { "KilowattDay", 86400e3, 0 },
    { "KilowattHour", 3600e3, 0 },
    { "MegabritishThermalUnit", BTU * 1e6, 0 },
    { "Megacalorie", 4184e3, 0 },
    { "MegaelectronVolt", EV * 1e6, 0 },
    { "Megajoule", 1e6, 0 },
    { "MegawattDay", 86400e6, 0 },
    { "MegawattHour", 3600e6, 0 },
    { "Millijoule", 1e-3, 0 },
    { "TeraelectronVolt", EV * 1e12, 0 },
    { "TerawattDay", 86400e12, 0 },
    { "TerawattHour", 3600e12, 0 },
    { "ThermEc", BTU * 1e5, 0 },
    { "ThermImperial", BTU * 1e5, 0 },
    { "ThermUs", 1.054804e8, 0 },
    { "WattDay", 86400, 0 },
    { "WattHour", 3600, 0 },
    { NULL, 0, 0 },
};

static const struct unit FORCES[] = {
    /* newtons */
    { "Decanewton", 10, 0 },
    { "Dyn", 1e-5, 0 },
    { "KilogramForce", GRAVITY, 0 },
    { "Kilonewton", 1e3, 0 },
    { "KiloPond", GRAVITY, 0 },
    { "KilopoundForce", LB *GRAVITY * 1e3, 0 },
    { "Meganewton", 1e6, 0 },
    { "Micronewton", 1e-6, 0 },
    { "Millinewton", 1e-3, 0 },
    { "Newton", 1, 0 },
    { "OunceForce", LB *GRAVITY / 16, 0 },
    { "Poundal", LB *FT, 0 },
    { "PoundForce", LB *GRAVITY, 0 },
    { "ShortTonForce", LB *GRAVITY * 2000, 0 },
    { "TonneForce", GRAVITY * 1e3, 0 },
    { NULL, 0, 0 },
};

static const struct unit LENGTHS[] = {
    /* meters */
    { "Angstrom", 1e-10, 0 },
    { "AstronomicalUnit", 149597870700, 0 },
    { "Centimeter", 1e-2, 0 },
    { "Chain", 66 * FT, 0 },
    { "DataMile", 6000 * FT, 0 },
    { "Decameter", 10, 0 },
    { "Decimeter", 1e-1, 0 },
    { "DtpPica", FT / 72, 0 },
    { "DtpPoint", FT / 864, 0 },
    { "Fathom", 6 * FT, 0 },
    { "Foot", FT, 0 },
    { "Hand", FT / 3, 0 },
    { "Hectometer", 100, 0 },
    { "Inch", FT / 12, 0 },
    { "Kilofoot", FT * 1e3, 0 },
    { "KilolightYear", LIGHT_YEAR * 1e3, 0 },
    { "Kilometer", 1e3, 0 },
    { "Kiloparsec", PARSEC * 1e3, 0 },
    { "LightYear", LIGHT_YEAR, 0 },
    { "MegalightYear", LIGHT_YEAR * 1e6, 0 },
    { "Megaparsec", PARSEC * 1e6, 0 },
    { "Meter", 1, 0 },
    { "Microinch", FT / 12e6, 0 },
    { "Micrometer", 1e-6, 0 },
    { "Mil", FT / 12e3, 0 },
    { "Mile", 5280 * FT, 0 },
    { "Millimeter", 1e-3, 0 },
    { "Nanometer", 1e-9, 0 },
    { "NauticalMile", 1852, 0 },
    { "Parsec", PARSEC, 0 },
    { "Shackle", 90 * FT, 0 },
    { "SolarRadius", 6.95510e8, 0 },
    { "Twip", FT / 17280, 0 },
    { "UsSurveyFoot", US_FT, 0 },
    { "Yard", 3 * FT, 0 },
    { NULL, 0, 0 },
};

static const struct unit MASSES[] = {
    /* kilograms */
    { "Centigram", 1e-5, 0 },
    { "Decagram", 1e-2, 0 },
    { "Decigram", 1e-4, 0 },
    { "EarthMass", 5.9722e24, 0 },
    { "Grain", LB / 7000, 0 },
    { "Gram", 1e-3, 0 },
    { "Hectogram", 0.1, 0 },
    { "Kilogram", 1, 0 },
    { "Kilopound", LB * 1e3, 0 },
    { "Kilotonne", 1e6, 0 },
    { "LongHundredweight", LB * 112, 0 },
    { "LongTon", LB * 2240, 0 },
    { "Megapound", LB * 1e6, 0 },
    { "Megatonne", 1e9, 0 },
    { "Microgram", 1e-9, 0 },
    { "Milligram", 1e-6, 0 },
    { "Nanogram", 1e-12, 0 },
    { "Ounce", LB / 16, 0 },
    { "Pound", LB, 0 },
    { "ShortHundredweight", LB * 100, 0 },
    { "ShortTon", LB * 2000, 0 },
    { "Slug", LB *GRAVITY / FT, 0 },
    { "SolarMass", 1.98947e30, 0 },
    { "Stone", LB * 14, 0 },
    { "Tonne", 1e3, 0 },
    { NULL, 0, 0 },
};

#define PER(name, meters)                                                                                    \
    { name "PerHour", (meters) / 3600, 0 }, { name "PerMinute", (meters) / 60, 0 },                          \
    {                                                                                                        \
        name "PerSecond", meters, 0                                                                          \
    }

static const struct unit SPEEDS[] = {
    /* meters a second */
    PER("Centimeter", 1e-2), PER("Decimeter", 1e-1),  PER("Foot", FT),
    PER("Inch", FT / 12),    PER("Kilometer", 1e3),   { "Knot", 1852 / 3600.0, 0 },
    PER("Meter", 1.0),       PER("Micrometer", 1e-6), { "MilePerHour", 5280 * FT / 3600, 0 },
    PER("Millimeter", 1e-3), PER("Nanometer", 1e-9),  PER("UsSurveyFoot", US_FT),
    PER("Yard", 3 * FT),     { NULL, 0, 0 },
};

static const struct unit TEMPERATURES[] = {
    /* kelvin */
    { "DegreeCelsius", 1, 273.15 },
    { "DegreeDelisle", -2 / 3.0, 373.15 },
    { "DegreeFahrenheit", 5 / 9.0, 459.67 * 5 / 9 },
    { "DegreeNewton", 100 / 33.0, 273.15 },
    { "DegreeRankine", 5 / 9.0, 0 },
    { "DegreeReaumur", 5 / 4.0, 273.15 },
    { "DegreeRoemer", 40 / 21.0, 273.15 - 7.5 * 40 / 21 },
    { "Kelvin", 1, 0 },
    { "MillidegreeCelsius", 1e-3, 273.15 },
    { "SolarTemperature", 5778, 0 },
    { NULL, 0, 0 },
};

static const struct unit VOLUMES[] = {
    /* cubic meters */
    { "AcreFoot", 1 / 0.000810714, 0 },
    { "AuTablespoon", 2e-5, 0 },
    { "BoardFoot", CUBIC_FT / 12, 0 },
    { "Centiliter", 1e-5, 0 },
    { "CubicCentimeter", 1e-6, 0 },
    { "CubicDecimeter", 1e-3, 0 },
    { "CubicFoot", CUBIC_FT, 0 },
    { "CubicHectometer", 1e6, 0 },
    { "CubicInch", CUBIC_FT / 1728, 0 },
    { "CubicKilometer", 1e9, 0 },
    { "CubicMeter", 1, 0 },
    { "CubicMicrometer", 1e-18, 0 },
    { "CubicMile", CUBIC_FT * 5280 * 5280 * 5280, 0 },
    { "CubicMillimeter", 1e-9, 0 },
    { "CubicYard", CUBIC_FT * 27, 0 },
    { "Decaliter", 1e-2, 0 },
    { "DecausGallon", US_GAL * 10, 0 },
    { "Deciliter", 1e-4, 0 },
    { "DeciusGallon", US_GAL / 10, 0 },
    { "HectocubicFoot", CUBIC_FT * 100, 0 },
    { "HectocubicMeter", 100, 0 },
    { "Hectoliter", 0.1, 0 },
    { "HectousGallon", US_GAL * 100, 0 },
    { "ImperialBeerBarrel", UK_GAL * 36, 0 },
    { "ImperialGallon", UK_GAL, 0 },
    { "ImperialOunce", UK_GAL / 160, 0 },
    { "ImperialPint", UK_GAL / 8, 0 },
    { "KilocubicFoot", CUBIC_FT * 1e3, 0 },
    { "KilocubicMeter", 1e3, 0 },
    { "KiloimperialGallon", UK_GAL * 1e3, 0 },
    { "Kiloliter", 1, 0 },
    { "KilousGallon", US_GAL * 1e3, 0 },
    { "Liter", 1e-3, 0 },
    { "MegacubicFoot", CUBIC_FT * 1e6, 0 },
    { "MegaimperialGallon", UK_GAL * 1e6, 0 },
    { "Megaliter", 1e3, 0 },
    { "MegausGallon", US_GAL * 1e6, 0 },
    { "MetricCup", 2.5e-4, 0 },
    { "MetricTeaspoon", 5e-6, 0 },
    { "Microliter", 1e-9, 0 },
    { "Milliliter", 1e-6, 0 },
    { "OilBarrel", US_GAL * 42, 0 },
    { "UkTablespoon", 1.5e-5, 0 },
    { "UsBeerBarrel", US_GAL * 31, 0 },
    { "UsCustomaryCup", US_GAL / 16, 0 },
    { "UsGallon", US_GAL, 0 },
    { "UsLegalCup", 2.4e-4, 0 },
    { "UsOunce", US_GAL / 128, 0 },
    { "UsPint", US_GAL / 8, 0 },
    { "UsQuart", US_GAL / 4, 0 },
    { "UsTablespoon", US_GAL / 256, 0 },
    { "UsTeaspoon", US_GAL / 768, 0 },
    { NULL, 0, 0 },
};

static const struct {
    const char        *function;
    const struct unit *units;
} KINDS[] = {
    { "convert_angle", ANGLES },   { "convert_energy", ENERGIES },
    { "convert_force", FORCES },   { "convert_length", LENGTHS },
    { "convert_mass", MASSES },    { "convert_speed", SPEEDS },
    { "convert_volume", VOLUMES }, { "convert_temperature", TEMPERATURES },
};

static const struct unit *units_of(const char *function)
{
    for (size_t i = 0; i < sizeof KINDS / sizeof KINDS[0]; i++)
        if (strcmp(KINDS[i].function, function) == 0)
            return KINDS[i].units;
    return NULL;
}

/* What the unit named by `x` says, null of a name that none has. */
static void emit_lookup(struct kql_emit *e, const struct unit *units, struct kql_expr *x, bool zero)
{
    kql_emit_template(e, "transform($1,[", &x, 1);
    for (const struct unit *u = units; u->name; u++) {
        kql_emit_addz(e, u == units ? "'" : ",'");
        kql_emit_addz(e, u->name);
        kql_emit_addz(e, "'");
    }
    kql_emit_addz(e, "],[");
    for (const struct unit *u = units; u->name; u++) {
        char number[40];
        int n = snprintf(number, sizeof number, "%s%.16e", u == units ? "" : ",", zero ? u->zero : u->factor);
        kql_emit_add(e, (str) { number, (size_t)n });
    }
    kql_emit_addz(e, "],CAST(NULL AS Nullable(Float64)))");
}

static void emit_convert(struct kql_emit *e, const struct kql_expr *call)
{
    const struct unit *units = units_of(call->fn->name);
    bool               zeros = units == TEMPERATURES;

    kql_emit_template(e, zeros ? "(($1 * " : "($1 * ", call->args, 1);
    emit_lookup(e, units, call->args[1], false);
    if (zeros) {
        kql_emit_addz(e, " + ");
        emit_lookup(e, units, call->args[1], true);
        kql_emit_addz(e, " - ");
        emit_lookup(e, units, call->args[2], true);
        kql_emit_addz(e, ")");
    }
    kql_emit_addz(e, " / ");
    emit_lookup(e, units, call->args[2], false);
    kql_emit_addz(e, ")");
}

#define CONVERT(n, what, x, y)                                                                               \
    {                                                                                                        \
        .name = "convert_" n, .args = "rss", .result = KQL_REAL, .nulls = KQL_FN_NULLS_MAY,                  \
        .emit = emit_convert, .doc = what " in another unit; null when a unit has no such name.",            \
        .example = x, .yields = y                                                                            \
    }

const struct kql_fn KQL_FN_UNIT[] = {
    CONVERT("angle", "An angle", "round(convert_angle(1.2, 'Degree', 'Arcminute'), 6)", "72.0"),
    CONVERT("energy", "An energy", "round(convert_energy(1.2, 'KilowattHour', 'Megajoule'), 6)", "4.32"),
    CONVERT("force", "A force", "round(convert_force(1.2, 'Newton', 'Decanewton'), 6)", "0.12"),
    CONVERT("length", "A length", "round(convert_length(1.2, 'Meter', 'Foot'), 6)", "3.937008"),
    CONVERT("mass", "A mass", "round(convert_mass(1.2, 'Kilogram', 'Pound'), 6)", "2.645547"),
    CONVERT("speed", "A speed", "round(convert_speed(1.2, 'MeterPerSecond', 'CentimeterPerHour'))",
            "432000.0"),
    CONVERT("temperature", "A temperature", "round(convert_temperature(1.2, 'Kelvin', 'DegreeCelsius'), 6)",
            "-271.95"),
    CONVERT("volume", "A volume", "round(convert_volume(1.2, 'CubicMeter', 'AcreFoot'), 6)", "0.000973"),
    { 0 },
};
