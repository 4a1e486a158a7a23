"""The propagation of uncertainty: GUM (JCGM 100:2008), its supplements JCGM 101 and 102, with exact derivatives."""
