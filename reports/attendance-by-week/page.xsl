<?xml version="1.0" encoding="UTF-8"?>
<xsl:stylesheet version="1.0" xmlns:xsl="http://www.w3.org/1999/XSL/Transform">
	<xsl:import href="../table.xsl"/>
	<xsl:import href="../chart.xsl"/>

	<xsl:template name="figures">
		<xsl:call-template name="percentages">
			<xsl:with-param name="rows" select="*[last()]/*"/>
			<xsl:with-param name="label" select="'week'"/>
			<xsl:with-param name="value" select="'percentage'"/>
			<xsl:with-param name="line" select="70"/>
			<xsl:with-param name="title" select="'Attendance by week, and a line at 70 %'"/>
		</xsl:call-template>
	</xsl:template>
</xsl:stylesheet>
