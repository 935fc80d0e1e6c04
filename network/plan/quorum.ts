/** The fewest consenters that tolerate one which fails or lies (n = 3f + 1 with f = 1). */
export const consentersMin = 4;
